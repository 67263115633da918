// What a keyboard reaches. These functions run inside the page: see isolated.mjs.

/** Notes every stop in document order and returns a name for each. */
export function stops() {
  const selector = "a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]";
  globalThis.stopList = [...document.querySelectorAll(selector)].filter((e) => {
    if (e.tabIndex < 0 || e.matches(":disabled") || e.closest("[inert]")) return false;
    if (e.localName === "summary" && e.parentElement.localName !== "details") return false;
    if (!e.checkVisibility({ visibilityProperty: true })) return false;
    // A group of radio buttons is one stop: the chosen one, or the first.
    if (e.type === "radio" && e.name) {
      const group = [...document.getElementsByName(e.name)].filter((r) => r.form === e.form);
      return e === (group.find((r) => r.checked) ?? group[0]);
    }
    return true;
  });
  return globalThis.stopList.map(
    (e) => `${e.localName} « ${(e.getAttribute("aria-label") ?? e.textContent.trim() ?? "").slice(0, 40)} »`,
  );
}

/** Where the focus is: its place in the list (-1: elsewhere), and whether one can see it. */
export function focused() {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const isMarked = (x) => {
    const style = getComputedStyle(x);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const box = e.getBoundingClientRect();
  const at = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top !== null && (e.contains(top) || top.contains(e) || top.closest("label")?.control === e);
  };
  const inset = 2;
  const points = [
    [box.left + box.width / 2, box.top + box.height / 2],
    [box.left + inset, box.top + inset],
    [box.right - inset, box.bottom - inset],
  ];
  return {
    index: globalThis.stopList.indexOf(e),
    name: `${e.localName}#${e.id} « ${e.textContent.trim().slice(0, 40)} »`,
    marked: isMarked(e) || (e.labels ? [...e.labels].some(isMarked) : false),
    uncovered: points.some(([x, y]) => at(x, y)),
  };
}
