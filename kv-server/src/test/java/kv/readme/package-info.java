/**
 * What the READMEs say is so: a test runs what a reader would type, and compares each table with
 * the code.
 *
 * <p>A {@link kv.readme.Block} is of a {@link kv.readme.Kind}, which says who runs it; a block of
 * no known kind fails {@link kv.readme.BlocksTest}. {@link kv.readme.TranscriptsTest} runs each
 * {@link kv.readme.Section} from its first block to its last on a {@link kv.readme.Stage}: a folder
 * of its own, with nodes on free ports in place of those that the README names.
 */
package kv.readme;
