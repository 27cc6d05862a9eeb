// When the clinic is open, and how long a visit takes: minutes, since midnight.
export const opens = 8 * 60;
// Half an hour longer: what patients asked for.
export const closes = 18 * 60 + 30;
export const visit = 30;
