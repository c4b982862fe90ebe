/**
 * Fixtures for the tests of all modules: time by hand, logs as values, keystores, small disks, a
 * check for leaked threads, short and long forms.
 */
package kv.testing;
