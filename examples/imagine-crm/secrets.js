import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

/** @param {string} password */
export function hashPassword(password, salt = randomBytes(16).toString("hex")) {
  return `${salt}:${scryptSync(password, salt, 32).toString("hex")}`;
}

/**
 * @param {string} password
 * @param {string} stored
 */
export function isPassword(password, stored) {
  return timingSafeEqual(Buffer.from(hashPassword(password, stored.split(":")[0])), Buffer.from(stored));
}

/**
 * A cookie that nobody else can write: who, and our mark of it.
 * @param {string} secret
 */
export function sessions(secret) {
  const mark = (/** @type {string} */ text) => createHmac("sha256", secret).update(text).digest("hex");
  return {
    write: (/** @type {number} */ userId) => `${userId}.${mark(String(userId))}`,
    read(/** @type {string | undefined} */ cookie) {
      const [, userId, given] = /(?:^|; )crm=(\d+)\.([0-9a-f]{64})(?:;|$)/.exec(cookie ?? "") ?? [];
      return userId && given && timingSafeEqual(Buffer.from(given), Buffer.from(mark(userId))) ? Number(userId) : undefined;
    },
  };
}

/** Notes about people are encrypted at rest. @param {string} key */
export function notes(key) {
  const bytes = createHash("sha256").update(key).digest();
  return {
    seal(/** @type {string} */ text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", bytes, iv);
      return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
    },
    open(/** @type {string} */ sealed) {
      const all = Buffer.from(sealed, "base64");
      const cipher = createDecipheriv("aes-256-gcm", bytes, all.subarray(0, 12)).setAuthTag(all.subarray(-16));
      return Buffer.concat([cipher.update(all.subarray(12, -16)), cipher.final()]).toString("utf8");
    },
  };
}
