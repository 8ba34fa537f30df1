// Typing: a field that the touch keyboard, a hardware keyboard, an input method and a scanner fill alike.
// The browser types by itself and tells the kiosk what stands in the field: no key waits for an answer.
(() => {
  const field = () => document.querySelector("input.field");
  const RECENT_MS = 2000;
  let typed = null;
  const tell = (kind, text) => window.emitEvent && emitEvent(kind, { text });
  const tellTyped = (into) => {
    typed = { name: into.ariaLabel, text: into.value, at: performance.now() };
    tell("typed", into.value);
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input.field") && !event.isComposing) tellTyped(event.target);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target.matches?.("input.field")) tellTyped(event.target);
  });

  const press = (into, types) => {
    const [from, to] = [into.selectionStart, into.selectionEnd];
    const room = into.maxLength - into.value.length + (to - from) > 0;
    if (types === "clear") into.value = "";
    else if (types === "delete") into.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
    else if (room) into.setRangeText(types === "space" ? " " : types, from, to, "end");
    into.scrollLeft = into.scrollWidth;
    tellTyped(into);
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

  // The page was drawn: fill its field with what the kiosk knows, unless more was typed meanwhile.
  window.kioskField = (known) => {
    const into = field();
    if (!into) { typed = null; return false; }
    const newer = typed && typed.name === into.ariaLabel && performance.now() - typed.at < RECENT_MS;
    const text = newer ? typed.text : known;
    if (into.value !== text) into.value = text;
    if (newer && text !== known) tell("typed", text);
    into.focus({ preventScroll: true });
    into.setSelectionRange(text.length, text.length);
    return true;
  };
})();
