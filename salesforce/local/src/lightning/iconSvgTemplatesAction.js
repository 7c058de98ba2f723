// The components here show utility icons only, and all Action icons would be in the page.
export {};
