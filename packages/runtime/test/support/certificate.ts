import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate for localhost that nobody signed, in a folder of its own; as root, readable by the user that servers run as. */
export function makeCertificate(): { folder: string; key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "aplomo-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", cert];
  execFileSync("openssl", args, { stdio: "ignore" });
  if (process.getuid?.() === 0) execFileSync("chown", ["-R", "65534:65534", folder]);
  return { folder, key, cert };
}
