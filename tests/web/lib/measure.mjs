// Sizes of what the page shows. These functions run inside the page: see isolated.mjs.

/** How wide the page wants to be, and what sticks out of it, if anything does. */
export function overflow() {
  const root = document.scrollingElement;
  const limit = root.clientWidth;
  const culprits = root.scrollWidth <= limit
    ? []
    : [...document.querySelectorAll("body *")]
        .filter((e) => e.getBoundingClientRect().right > limit + 0.5)
        .slice(0, 5)
        .map((e) => `${e.localName}#${e.id}.${e.getAttribute("class")}`);
  return { width: root.scrollWidth, culprits };
}

/** Interactive boxes smaller than `least` px on a side; links inside a sentence are exempt. */
export function smallTargets(least) {
  const roles = ["button", "link", "checkbox", "radio", "tab", "option", "switch", "menuitem"];
  const selector = [
    "a[href]", "button", "input:not([type=hidden])", "select", "textarea", "summary",
    ...roles.map((role) => `[role=${role}]`),
  ].join(",");
  const small = [];
  for (const element of document.querySelectorAll(selector)) {
    if (!element.checkVisibility({ checkOpacity: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    if (style.display === "inline") continue;
    let { width, height } = element.getBoundingClientRect();
    // Hidden until it has the focus: a skip link, or the input of a card that is its label.
    if (width <= 1 || height <= 1) continue;
    if (element.matches("[type=checkbox],[type=radio]")) {
      for (const label of element.labels) {
        const box = label.getBoundingClientRect();
        width = Math.max(width, box.width);
        height = Math.max(height, box.height);
      }
    }
    if (Math.min(width, height) + 0.05 < least) {
      const name = element.getAttribute("aria-label") ?? element.textContent.trim();
      small.push(`${element.localName} « ${name.slice(0, 40)} » ${width.toFixed(1)} × ${height.toFixed(1)}`);
    }
  }
  return small;
}

/** Text that its own box cuts off without an ellipsis or a scroll bar. */
export function cutText() {
  return [...document.querySelectorAll("main *")]
    .filter((e) => {
      const style = getComputedStyle(e);
      const hides = style.overflowX === "hidden" || style.overflowX === "clip";
      const isReadable = e.clientWidth > 1 && e.textContent.trim() !== "";
      return hides && isReadable && style.textOverflow !== "ellipsis" && e.scrollWidth > e.clientWidth + 1;
    })
    .map((e) => `${e.localName}.${e.getAttribute("class")} « ${e.textContent.trim().slice(0, 40)} »`);
}
