/**
 * What can be asked of a store and answered, and the bytes that carry both. Stands on {@link
 * kv.store}; imported by the router and the server.
 *
 * <p>A command is one class, such as {@link kv.command.Put}, and one line in the table of {@link
 * kv.command.BucketCommands}. It takes {@link kv.command.Words} and answers by a call to {@link
 * kv.command.Reply}; what the words looked like on the wire, and what the reply will look like
 * there, it does not know. Each says by its {@link kv.command.Access} who may ask for it, which is
 * for the server to see to. {@link kv.command.RequestCodec}, {@link kv.command.ReplyCodec} and
 * {@link kv.command.ListingCodec} are the form in which they travel from node to node.
 */
package kv.command;
