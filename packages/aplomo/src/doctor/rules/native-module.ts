import { spoken } from "../voices.ts";

export const nativeModule = spoken({
  id: "native-module",
  title: "a native package was built for another Node or another system",
  why: "node_modules was copied from a laptop, or stayed when Node was updated: what is compiled in it fits only where it was made.",
  next: "Install the dependencies where they run: `npm ci` inside the image, or target.install; never copy node_modules.",
  patterns: [
    /NODE_MODULE_VERSION \d+/,
    /was compiled against a different Node/,
    /invalid ELF header/,
    /version `GLIBC(?:XX)?_[\d.]+' not found/,
    /Error loading shared library/,
  ],
  tell: () => ({ message: "it cannot load a compiled package" }),
});
