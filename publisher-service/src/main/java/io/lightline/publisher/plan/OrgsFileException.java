package io.lightline.publisher.plan;

/** The file with further orgs is no good; the message is one line with the key in question. */
final class OrgsFileException extends RuntimeException {

    OrgsFileException(String message) {
        super(message);
    }
}
