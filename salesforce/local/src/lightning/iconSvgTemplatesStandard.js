// The components here show utility icons only, and all Standard icons would be in the page.
export {};
