const { setup } = require('@sa11y/jest');

// Adds expect(element).toBeAccessible().
setup();
