const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');
const { setupFilesAfterEnv = [] } = jestConfig;

module.exports = {
    ...jestConfig,
    moduleNameMapper: {
        '^lightning/select$': '<rootDir>/force-app/test/jest-mocks/lightning/select/select',
        '^lightning/platformUtilityBarApi$':
            '<rootDir>/force-app/test/jest-mocks/lightning/platformUtilityBarApi'
    },
    modulePathIgnorePatterns: ['<rootDir>/local/', '<rootDir>/target/'],
    setupFilesAfterEnv: [...setupFilesAfterEnv, '<rootDir>/jest-sa11y-setup.js']
};
