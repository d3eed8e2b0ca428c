/** Node-RED as it comes, without what a bench has no use for: the editor, and words about every request. */
module.exports = {
  uiHost: '127.0.0.1',
  httpAdminRoot: false,
  credentialSecret: false,
  apiMaxLength: '16mb',
  telemetry: { enabled: false },
  logging: { console: { level: 'warn', metrics: false, audit: false } },
};
