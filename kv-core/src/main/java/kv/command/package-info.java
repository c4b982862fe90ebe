/**
 * What can be asked of a store and answered, and the bytes that carry both. Stands on {@link
 * kv.store}, and on {@link kv.log} for what a log refuses; imported by the packages of verbs, the
 * router and the server.
 *
 * <p>A command is one class, such as {@code Put} in {@link kv.command.entry}, and one line in a
 * list of commands, of which a {@link kv.command.CommandTable} is made. It takes {@link
 * kv.command.Words} and answers by a call to {@link kv.command.Reply}; what the words looked like
 * on the wire, and what the reply will look like there, it does not know. Its {@link
 * kv.command.Command#usage} says how many words it takes, and its {@link kv.command.Access} who may
 * ask for it, which is for the server to see to. {@link kv.command.RequestCodec}, {@link
 * kv.command.ReplyCodec} and {@link kv.command.ListingCodec} are the form in which requests and
 * replies travel from node to node.
 */
package kv.command;
