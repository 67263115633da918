// Pictures of every screen, for the documentation: NAME-{l,s}-{light,dark}.png
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { NARROW, WIDE, launch, open, visit } from "./lib/browser.mjs";
import { screens } from "./lib/target.mjs";

const [, , folder, only] = process.argv;
mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const screen of screens.filter((screen) => new RegExp(only).test(screen.name))) {
  for (const [letter, width] of [["l", WIDE], ["s", NARROW]]) {
    for (const theme of ["light", "dark"]) {
      const view = await open(browser, { width, theme });
      await visit(view, screen);
      await view.page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {});
      const name = `${screen.name}-${letter}-${theme}.png`;
      await view.page.screenshot({ path: join(folder, name), fullPage: true, animations: "disabled", caret: "hide" });
      console.log(name);
      await view.close();
    }
  }
}
await browser.close();
