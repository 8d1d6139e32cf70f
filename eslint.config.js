/** Lint rules of the page. Types and undefined names are checked by tsc. */

/** @type {import("eslint").Linter.Config[]} */
export default [
  {
    files: ["static/js/**/*.js", "tests/js/**/*.js", "eslint.config.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-constant-condition": "error",
      "no-duplicate-imports": "error",
      "no-else-return": "error",
      "no-shadow": "error",
      "no-unreachable": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "prefer-template": "error",
    },
  },
];
