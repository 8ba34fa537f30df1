// Typing: a field that the touch keyboard, a hardware keyboard, an input method and a scanner fill alike.
// The browser types by itself and tells the kiosk what stands in the field: no key waits for an answer.
(() => {
  const field = () => document.querySelector("input.field");
  const tell = (kind, text) => window.emitEvent && emitEvent(kind, { text });

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input.field") && !event.isComposing) tell("typed", event.target.value);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.matches?.("input.field")) tell("typed", event.target.value);
  });

  const press = (into, types) => {
    const [from, to] = [into.selectionStart, into.selectionEnd];
    const room = into.maxLength - into.value.length + (to - from) > 0;
    if (types === "clear") into.value = "";
    else if (types === "delete") into.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
    else if (room) into.setRangeText(types === "space" ? " " : types, from, to, "end");
    into.scrollLeft = into.scrollWidth;
    tell("typed", into.value);
  };
  document.addEventListener("click", (event) => {
    const key = event.target.closest?.("[data-types]"), into = field();
    if (key && into) press(into, key.dataset.types);
    else if (into && event.target.closest?.("[data-enters]")) tell("entered", into.value);
  });
  // A touched key takes no focus: the caret stays in the field.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[data-types]")) event.preventDefault();
  });

  // A scanner types fast and ends with Enter, on whatever page it is used.
  const RECEIPT = /^[A-Z0-9-]{1,16}-\d{6}-\d{4,6}$/i, FAST_MS = 120;
  let scanned = "", last = 0;
  document.addEventListener("keydown", (event) => {
    const now = performance.now(), into = event.target.closest?.("input.field");
    if (event.isComposing) return;
    if (event.key === "Enter") {
      const whole = now - last < FAST_MS && RECEIPT.test(scanned) ? scanned : "";
      scanned = "";
      if (whole) { event.preventDefault(); event.stopImmediatePropagation(); return tell("entered", whole); }
      if (!into) return;
      event.preventDefault();
      if (document.querySelector("[data-enters]")) return tell("entered", into.value);
      return document.querySelector(".found .tile")?.focus();
    }
    if (event.key.length !== 1) return;
    scanned = (now - last < FAST_MS ? scanned : "") + event.key;
    last = now;
  }, true);

  window.kioskField = (text) => {
    const into = field();
    if (!into) return false;
    if (into.value !== text) into.value = text;
    into.focus({ preventScroll: true });
    into.setSelectionRange(text.length, text.length);
    return true;
  };
})();
