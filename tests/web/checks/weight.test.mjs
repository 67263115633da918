// A first visit costs little: page, stylesheet, script and icons together.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, visit } from "../lib/browser.mjs";
import { screens } from "../lib/target.mjs";

const MOST_BYTES = 100_000;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const screen of screens.filter((screen) => !screen.follow)) {
  test(`${screen.name}: a first visit weighs at most ${MOST_BYTES} bytes`, async (t) => {
    const view = await open(browser);
    const session = await view.page.context().newCDPSession(view.page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
    await visit(view, screen);
    await view.page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {});
    await view.close();
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes > 0 && bytes <= MOST_BYTES, `${bytes} bytes`);
  });
}

test("pages carry the policy that keeps foreign code out", async () => {
  const view = await open(browser);
  for (const screen of screens.filter((screen) => !screen.follow)) {
    const response = await visit(view, screen);
    const policy = response.headers()["content-security-policy"] ?? "";
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) {
      assert.ok(policy.includes(part), `${screen.name}: no ${part} in « ${policy} »`);
    }
    assert.ok(!policy.includes("unsafe-"), `${screen.name}: ${policy}`);
    assert.equal(response.headers()["x-content-type-options"], "nosniff");
  }
  await view.close();
});
