// How does a passkey get into a form? The browser asks for fingerprint, face or PIN; what it answers is sent along.
const canParse = () => typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

async function options(form) {
  const written = document.getElementById("passkey-options");
  if (written) return JSON.parse(written.textContent);
  const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
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

async function use(form) {
  const credential = await { create, get }[form.dataset.passkey](await options(form));
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[role=status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = canParse() ? "" : form.dataset.old;
    if (canParse()) use(form).catch(() => (status.textContent = form.dataset.failed));
  });
}
