'use strict';

const { defineConfig, globalIgnores } = require('eslint/config');
const js = require('@eslint/js');
const jest = require('eslint-plugin-jest');
const globals = require('globals');
const lwc = require('@salesforce/eslint-config-lwc/recommended');

const COMPONENTS = 'force-app/main/default/lwc/**/*.js';
const TESTS = ['force-app/main/default/lwc/**/__tests__/**/*.js', 'force-app/test/**/*.js'];

module.exports = defineConfig([
    globalIgnores(['node_modules/', 'local/', 'target/', 'coverage/']),
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    { files: [COMPONENTS], extends: [lwc] },
    {
        files: TESTS,
        extends: [lwc, jest.configs['flat/recommended']],
        languageOptions: { globals: { ...globals.node } },
        rules: { '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off' }
    },
    {
        files: ['*.js', 'scripts/**'],
        extends: [js.configs.recommended],
        languageOptions: { globals: globals.node }
    }
]);
