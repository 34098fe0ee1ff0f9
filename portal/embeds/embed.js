// Shows forms of a Client Portal on another website: gives frames the height of their form, and opens forms in a dialog.
//
//   <iframe src="https://portal.example/embed/contact-form/" title="Contact form" width="100%" height="700"></iframe>
//   <a href="https://portal.example/contact/" data-portal-form="https://portal.example/embed/contact-form/">Write to us</a>
//   <script src="https://portal.example/embed/v1.js" async></script>
(() => {
  const portal = new URL(document.currentScript.src).origin;
  const german = document.documentElement.lang.startsWith("de");

  const isOurs = (address) => new URL(address, location.href).origin === portal;
  const listFrames = () => [...document.querySelectorAll("iframe")].filter((frame) => frame.src && isOurs(frame.src));
  // It says nothing but that this page listens, so it may be read by whatever the frame shows.
  const greet = (frame) => frame.contentWindow.postMessage({ portal: "hello" }, "*");

  const setStyle = (element, style) => Object.assign(element.style, style);

  function receive(event) {
    if (event.origin !== portal || !event.data) return;
    const frame = listFrames().find((one) => one.contentWindow === event.source);
    if (!frame) return;
    const { portal: kind, height } = event.data;
    if (kind === "ready") greet(frame);
    if (kind === "height" && height > 0 && height < 20000) setStyle(frame, { height: `${Math.ceil(height)}px` });
    if (kind === "close") frame.closest("dialog[data-portal-dialog]")?.close();
  }

  function openForm(address, title) {
    const dialog = document.createElement("dialog");
    const close = document.createElement("button");
    const frame = document.createElement("iframe");
    dialog.dataset.portalDialog = "";
    dialog.setAttribute("aria-label", title);
    setStyle(dialog, { width: "min(40rem, 94vw)", maxHeight: "94vh", padding: "0", border: "0", borderRadius: "12px" });
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", german ? "Schließen" : "Close");
    setStyle(close, { position: "absolute", top: "4px", right: "4px", width: "44px", height: "44px", font: "24px/1 sans-serif" });
    setStyle(close, { border: "0", borderRadius: "8px", background: "#fff", color: "#222", cursor: "pointer" });
    close.addEventListener("click", () => dialog.close());
    frame.src = address;
    frame.title = title;
    setStyle(frame, { display: "block", width: "100%", height: "80vh", border: "0" });
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(close, frame);
    document.body.append(dialog);
    dialog.showModal();
  }

  addEventListener("message", receive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-portal-form]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !isOurs(link.dataset.portalForm)) return;
    event.preventDefault();
    openForm(link.dataset.portalForm, link.textContent.trim());
  });
  // Frames that were there first have no other way to learn that this page listens.
  listFrames().forEach(greet);
})();
