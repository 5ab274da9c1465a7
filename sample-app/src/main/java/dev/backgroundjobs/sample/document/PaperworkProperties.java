package dev.backgroundjobs.sample.document;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of Paperwork.
 *
 * @param storage directory that documents, uploads and the database are kept in
 * @param queuesInMemory whether a backend that would keep messages is played by one in
 * this process, as on a laptop
 */
@ConfigurationProperties("paperwork")
public record PaperworkProperties(@DefaultValue("./data") Path storage, @DefaultValue("false") boolean queuesInMemory) {

}
