// An OpenID provider for the tests: a login form, one client, and PKCE demanded. It says where it is.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { port, back, secret, told } = JSON.parse(process.argv[2]);
const key = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const said = told ? { backchannel_logout_uri: told } : {};

const server = createServer();
server.listen(port, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "the desk", client_secret: secret, redirect_uris: [back], ...said }],
    cookies: { keys: ["tests"] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    // It asks nobody on this computer by itself.
    fetch: (url, { method, body, headers, redirect }) => globalThis.fetch(url, { method, body, headers, redirect }),
    jwks: { keys: [{ ...key(), use: "sig", alg: "RS256", kid: `${Date.now()}` }] },
    pkce: { required: () => true },
    renderError: async (ctx, out) => {
      ctx.type = "json";
      ctx.body = out;
    },
  });
  const serve = provider.callback();
  server.on("request", (request, response) => serve(request, response));
  console.log(issuer);
});
