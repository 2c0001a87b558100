// Puts the icons that the stylesheet names beside it.
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";

const css = readFileSync("static/dist/lxp.css", "utf8");
const from = "node_modules/nhsuk-frontend/dist/nhsuk/assets/images/";
mkdirSync("static/dist/icons", { recursive: true });
for (const [, name] of css.matchAll(/url\("?icons\/([\w-]+\.svg)"?\)/g)) {
  copyFileSync(from + name, "static/dist/icons/" + name);
}
