/** How a patient can be reminded, by the name it is stored under. @type {Record<string, string>} */
export const channels = { none: "No reminder", text: "Text message", call: "Phone call" };
