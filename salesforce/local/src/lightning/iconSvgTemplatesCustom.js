// The components here show utility icons only, and all Custom icons would be in the page.
export {};
