/** A request that cannot be done, in words for who asked. */
export class Refusal extends Error {
  /**
   * @param {number} status of HTTP
   * @param {string} message
   * @param {string} [field] which one to correct
   */
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}
