/* The workbench alone in its window: JupyterLab opens the notebook, runs it, and shows nothing of itself.

A prebuilt extension as JupyterLab loads it, written by hand. It holds on to commands, the shell and the service manager
alone, which JupyterLab keeps from version to version. It acts on the page of the workbench in a server that `assess lab`
started, and on no other page. What it says comes with the page (`desk.py`), as text and never as markup. */
(() => {
  "use strict";
  const NAME = "assess-desk";
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const desk = config.assessDesk;
  const acts = Boolean(desk) && config.mode === "single-document" && decodeURI(config.treePath) === desk.notebook;

  // ---- what is seen beside the workbench: a line that says what is going on, and a link in the corner ----------------

  const element = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const shown = element("div", "assess-desk-line");
  const words = element("span", "", "");
  const again = element("button", "assess-desk-again", desk?.words.again);
  const corner = element("div", "assess-desk-corner");
  let ended = false; // the kernel is gone: what the workbench shows is no more than a picture

  function furnish() {
    document.documentElement.classList.add(NAME);
    document.documentElement.lang = desk.tag;
    const style = element("link", "");
    Object.assign(style, { rel: "stylesheet", href: new URL("desk.css", document.currentScript.src).href });
    document.head.append(style);
    shown.setAttribute("role", "status");
    again.type = "button";
    again.addEventListener("click", () => location.reload());
    shown.append(words, again);
    const link = element("a", "", desk.words.notebook);
    Object.assign(link, { href: `${config.baseUrl}lab/tree/${desk.notebook}`, target: "_blank", rel: "noopener" });
    corner.append(link);
    document.body.append(shown, corner);
    say("starting");
    new MutationObserver(entitle).observe(document.head, { subtree: true, childList: true, characterData: true });
    entitle();
  }

  /** The window is called the workbench, whatever JupyterLab calls it, and whenever it does. */
  function entitle() {
    if (document.title !== desk.words.title) document.title = desk.words.title;
  }

  /** Say something of `words`; with `ending`, that the work has come to an end here, and how to begin again. */
  function say(key, { ending = false, why = "" } = {}) {
    if (ended && !ending) return;
    ended ||= ending;
    words.textContent = key ? desk.words[key].replace("{why}", () => why) : "";
    shown.hidden = !key;
    shown.dataset.says = key;
    again.hidden = !ending;
    document.documentElement.classList.toggle("assess-desk-ended", ending);
  }

  // ---- JupyterLab keeps its own to itself: its keys, its menu of the right button, its questions, its addresses ---------

  /** The address stays that of the workbench, in any workspace: JupyterLab writes the folder's there too, which a reload
      would open. */
  function stay() {
    for (const change of ["pushState", "replaceState"]) {
      const does = history[change].bind(history);
      history[change] = (state, title, url) => {
        if (!url || decodeURI(new URL(url, location.href).pathname).endsWith(`/tree/${desk.notebook}`)) does(state, title, url);
      };
    }
  }

  function hush() {
    const quiet = event => event.target.setAttribute?.("data-lm-suppress-shortcuts", "true");
    window.addEventListener("keydown", quiet, true); // before JupyterLab looks for the mark
    for (const asks of ["contextmenu", "beforeunload"]) window.addEventListener(asks, event => event.stopImmediatePropagation(), true);
    new MutationObserver(() => {
      for (const dialog of document.querySelectorAll(".jp-Dialog")) {
        (dialog.querySelector("button.jp-mod-reject") || dialog.querySelector("button"))?.click();
      }
    }).observe(document.body, { childList: true });
  }

  // ---- a kernel for each window -----------------------------------------------------------------------------------------

  let refused = ""; // why the server started no kernel

  /** Give each window a session of its own, where JupyterLab would share that of the notebook, and end those left behind. */
  function keepApart(sessions) {
    const all = sessions.running.bind(sessions), refresh = sessions.refreshRunning.bind(sessions), start = sessions.startNew.bind(sessions);
    let own = "", cleared = null;
    const clear = async () => {
      for (const session of all()) {
        const left = session.path === desk.notebook && !session.kernel?.connections && (await held(session.id));
        if (left) sessions.shutdown(session.id).catch(() => {}); // it may have ended meanwhile
      }
    };
    sessions.refreshRunning = async () => {
      await refresh();
      await (cleared ||= clear());
    };
    sessions.running = () => [...all()].filter(session => session.path !== desk.notebook || session.id === own)[Symbol.iterator]();
    sessions.startNew = async (...given) => {
      try {
        const session = await start(...given);
        await held((own = session.id));
        return session;
      } catch (error) {
        refused = String(error?.message || error);
        throw error;
      }
    };
  }

  /** Whether this window, of all of this browser, holds a session; it does as long as it is open. */
  const held = id => new Promise(answer => {
    navigator.locks.request(`${NAME} ${id}`, { ifAvailable: true }, lock => {
      answer(Boolean(lock));
      return lock && new Promise(() => {});
    });
  });

  // ---- from the start to a workbench --------------------------------------------------------------------------------------

  /** The notebook is never changed: it is run, and what it shows is for this window only. */
  function leaveFileAlone({ context }) {
    const clean = () => Promise.resolve().then(() => (context.model.dirty = false)); // once all have heard of the change
    context.model.stateChanged.connect((model, change) => change.name === "dirty" && change.newValue && clean());
    context.save = context.saveAs = async () => {};
    clean();
  }

  function watch(app, panel) {
    const kernel = () => panel.sessionContext.session?.kernel;
    panel.sessionContext.statusChanged.connect((_, status) => {
      corner.dataset.kernel = status;
      if (["autorestarting", "restarting", "dead", "terminating"].includes(status)) say("died", { ending: true });
    });
    panel.sessionContext.kernelChanged.connect((_, { oldValue, newValue }) => {
      if (oldValue && !newValue) say("died", { ending: true });
    });
    app.serviceManager.connectionFailure.connect(() => {
      if (kernel()?.connectionStatus !== "connected") say("lost", { ending: true });
    });
  }

  const workbench = panel => panel.node.querySelector(".wb");

  function error(panel) {
    const outputs = panel.content.widgets.flatMap(cell => cell.model.outputs?.toJSON() ?? []);
    const found = outputs.find(output => output.output_type === "error");
    return found ? `${found.ename}: ${found.evalue}` : "";
  }

  async function begin(app) {
    const { commands, shell } = app;
    const panel = await commands.execute("docmanager:open", { path: desk.notebook, factory: "Notebook" });
    watch(app, panel);
    await panel.context.ready;
    leaveFileAlone(panel);
    panel.content.notebookConfig = { ...panel.content.notebookConfig, windowingMode: "none" };
    say("kernel");
    await panel.sessionContext.ready;
    if (!panel.sessionContext.session?.kernel) return say("no_kernel", { ending: true, why: refused });
    await panel.sessionContext.session.kernel.info;
    await app.restored;
    shell.activateById(panel.id);
    say("opening");
    const seen = setInterval(() => {
      if (!workbench(panel)) return;
      clearInterval(seen);
      say("");
    }, 50);
    await commands.execute("notebook:run-all-cells");
    if (!workbench(panel)) say("failed", { ending: true, why: error(panel) });
  }

  const plugin = {
    id: `${NAME}:plugin`,
    description: "Shows the workbench alone.",
    autoStart: true,
    activate: app => {
      if (desk) keepApart(app.serviceManager.sessions);
      if (!acts) return;
      app.started.then(() => begin(app)).catch(error => say("failed", { ending: true, why: String(error?.message || error) }));
    },
  };
  if (acts) {
    furnish();
    stay();
    hush();
  }
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
