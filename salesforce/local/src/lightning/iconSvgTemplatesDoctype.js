// The components here show utility icons only, and all Doctype icons would be in the page.
export {};
