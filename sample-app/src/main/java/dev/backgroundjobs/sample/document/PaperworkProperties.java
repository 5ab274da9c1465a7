package dev.backgroundjobs.sample.document;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of Paperwork.
 *
 * @param storage directory that documents and their state are kept in
 */
@ConfigurationProperties("paperwork")
record PaperworkProperties(@DefaultValue("./data") Path storage) {

}
