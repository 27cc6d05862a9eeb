/** What was asked for exists already: a unique constraint said no. */
export class Taken extends Error {}

/** The database cannot be used now; asking again later may work. */
export class Unavailable extends Error {}
