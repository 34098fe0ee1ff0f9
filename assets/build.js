// Builds assets/dist: Tailwind writes the style sheets, scripts and public files are copied.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const tailwind = join(dirname(createRequire(import.meta.url).resolve("@tailwindcss/cli/package.json")), "dist/index.mjs");
const dist = join(here, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
for (const sheet of ["portal", "platform", "console"]) {
  const files = ["--input", join(here, `css/${sheet}.css`), "--output", join(dist, `${sheet}.css`)];
  execFileSync(process.execPath, [tailwind, ...files, "--minify"], { cwd: here, stdio: "inherit" });
}
for (const folder of ["js", "public"]) cpSync(join(here, folder), dist, { recursive: true });
