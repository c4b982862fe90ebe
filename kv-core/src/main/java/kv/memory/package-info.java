/**
 * How much of the heap may be held, how much is held, and what a thing in it takes: accounts, kept
 * as things come and go. Stands on nothing but the JDK; imported by {@link kv.store} and all above
 * it.
 */
package kv.memory;
