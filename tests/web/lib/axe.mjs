// Accessibility rules, by axe-core.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isolated } from "./isolated.mjs";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Every violation of the page as it is now, one readable line each. */
export async function violations(page) {
  const world = await isolated(page);
  await world.load(source);
  const found = await world.call(
    // `preload` would fetch the stylesheets once more, and no rule we run needs it.
    (tags) =>
      axe
        .run(document, { runOnly: tags, resultTypes: ["violations"], preload: false })
        .then(({ violations }) =>
          violations.flatMap(({ id, help, nodes }) =>
            nodes.map((node) => `${id} (${help}): ${node.target.join(" ")} ${node.html.slice(0, 120)}`),
          ),
        ),
    TAGS,
  );
  await world.close();
  return found;
}
