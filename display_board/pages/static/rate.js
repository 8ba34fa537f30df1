// Ratings on a counter's own screen. The server draws the panel, and takes it away; once it is touched it is ours until
// it was sent, left alone, or the next visitor is called.
(() => {
  const LEFT_MS = 45000;
  const SAID_MS = 4000;
  let own = null;
  let ends = 0;

  const drop = () => {
    own?.remove();
    own = null;
  };
  const stay = (ms) => {
    clearTimeout(ends);
    ends = setTimeout(drop, ms);
  };
  const show = (name) => {
    for (const part of own.children) part.hidden = !part.classList.contains(name);
  };
  const say = (words) => {
    const said = own.querySelector(".said");
    said.replaceChildren(...["zh", "en"].map((language) => {
      const span = document.createElement("span");
      span.className = span.lang = language;
      span.textContent = words[language];
      return span;
    }));
    show("said");
    stay(SAID_MS);
  };

  const send = async (stars) => {
    const sent = own;
    if (sent.dataset.sent) return;
    sent.dataset.sent = "yes";
    const reasons = [...sent.querySelectorAll("[data-reason][aria-pressed=true]")].map((e) => e.dataset.reason);
    let words = { zh: "暂时没能提交，请再试一次", en: "It could not be sent now. Please try again" };
    let done = false;
    try {
      const answer = await fetch(`/counter/${sent.dataset.counter}/rating`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ticket: Number(sent.dataset.ticket), stars, reasons }),
        signal: AbortSignal.timeout(15000),
      });
      const told = await answer.json();
      words = told.words ?? words;
      done = answer.ok || told.said === "again";
    } catch {
      // the words above
    }
    if (own !== sent) return;
    if (!done) delete sent.dataset.sent;
    say(words);
  };

  document.addEventListener("click", (event) => {
    const touched = event.target.closest(".rate button");
    if (!touched) return;
    if (!own) {
      own = touched.closest(".rate").cloneNode(true);
      own.classList.add("own");
      document.body.append(own);
    }
    stay(LEFT_MS);
    if (touched.dataset.stars) {
      own.dataset.stars = touched.dataset.stars;
      if (Number(touched.dataset.stars) > Number(own.dataset.low)) send(Number(touched.dataset.stars));
      else show("why");
    } else if (touched.dataset.reason) {
      touched.setAttribute("aria-pressed", touched.getAttribute("aria-pressed") !== "true");
    } else if ("back" in touched.dataset) {
      show("ask");
    } else if ("send" in touched.dataset) {
      send(Number(own.dataset.stars));
    }
  });

  setInterval(() => {
    const state = document.querySelector(".display")?.dataset.state;
    if (own && (state === "calling" || state === "serving")) drop();
  }, 300);
})();
