// Fills a form with a passkey: the browser asks for fingerprint, face or PIN, and the form sends its response.
const canParse = () => typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

async function options(form) {
  const embedded = document.getElementById("passkey-options");
  if (embedded) return JSON.parse(embedded.textContent);
  const response = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

async function create({ creation_options: { publicKey } }) {
  Object.assign(publicKey.authenticatorSelection, {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function get({ request_options: { publicKey } }) {
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

async function submitWithPasskey(form) {
  const credential = await { create, get }[form.dataset.passkey](await options(form));
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[role=status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = canParse() ? "" : form.dataset.old;
    if (canParse()) submitWithPasskey(form).catch(() => (status.textContent = form.dataset.failed));
  });
}
