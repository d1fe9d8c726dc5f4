// A security key is asked what the page says, and the form is sent with its answer (W3C Web Authentication). The office
// gives and takes bytes as base64url.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function asked(question) {
  const asks = question.publicKey;
  asks.challenge = bytes(asks.challenge);
  if (asks.user) asks.user.id = bytes(asks.user.id);
  for (const one of [...(asks.excludeCredentials ?? []), ...(asks.allowCredentials ?? [])]) one.id = bytes(one.id);
  return question;
}

function answered(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = text(response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: told });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    try {
      const credential = await navigator.credentials[form.dataset.passkey](asked(JSON.parse(form.dataset.question)));
      form.elements.answer.value = answered(credential);
      form.requestSubmit();
    } catch {
      form.querySelector("[data-said]").textContent = form.dataset.missed;
    }
  });
}
