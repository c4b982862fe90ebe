/**
 * Fixtures for the tests of all modules: time by hand, logs as values, a check for leaked threads.
 */
package kv.testing;
