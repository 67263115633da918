// Functions run in a world of their own inside the page: they see its document, are not bound by
// its CSP, and leave nothing behind in its global scope.

/** Opens such a world in the document that the page shows now. */
export async function isolated(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
    worldName: "checks",
  });

  async function evaluate(expression) {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression,
      contextId,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  return {
    /** Loads a script. */
    load: (source) => evaluate(`${source}\n;0`),
    /** Calls `f(argument)`; both travel as text. */
    call: (f, argument = null) => evaluate(`(${f})(${JSON.stringify(argument)})`),
    close: () => session.detach(),
  };
}
