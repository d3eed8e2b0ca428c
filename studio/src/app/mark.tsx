/** The product's mark: water running through a race. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8.5" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.5" strokeLinecap="round">
        <path d="M6.5 11.5c3.2-3 6.3-3 9.5 0s6.3 3 9.5 0" />
        <path d="M6.5 16.5c3.2-3 6.3-3 9.5 0s6.3 3 9.5 0" opacity=".72" />
        <path d="M6.5 21.5c3.2-3 6.3-3 9.5 0s6.3 3 9.5 0" opacity=".45" />
      </g>
    </svg>
  );
}
