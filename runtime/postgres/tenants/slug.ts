/** What a tenant's short name, which stands in addresses, looks like. */
export const slugPattern = '^[a-z][a-z0-9-]{0,62}$';
