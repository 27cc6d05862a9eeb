import { spoken } from "../voices.ts";

export const moduleKind = spoken({
  id: "module-kind",
  title: "a file is read as the wrong kind of module",
  why: '`import` in a file that Node takes for CommonJS, or `require` in one it takes for an ES module: "type" in package.json is missing in the release, or differs from where it was built.',
  next: 'Copy package.json beside the built files, and set "type" to what the build writes; or name the files .mjs or .cjs.',
  patterns: [
    /Cannot use import statement outside a module/,
    /(?:require|module|exports) is not defined in ES module scope/,
    /ERR_REQUIRE_ESM/,
    /Unexpected token 'export'/,
  ],
  tell: () => ({ message: "Node reads it as another kind of module than it is" }),
});
