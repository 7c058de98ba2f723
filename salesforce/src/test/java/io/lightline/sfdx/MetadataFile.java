package io.lightline.sfdx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A well-formed file of metadata. */
record MetadataFile(Path path, Document document) {

    static MetadataFile of(Path path) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var builder = factory.newDocumentBuilder();
            // The exception says it all.
            builder.setErrorHandler(null);
            return new MetadataFile(path, builder.parse(path.toFile()));
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new AssertionError(path + " is no readable XML: " + e.getMessage(), e);
        }
    }

    static MetadataFile of(String path) {
        return of(SfdxProject.SOURCES.resolve(path));
    }

    static List<MetadataFile> in(String folder) {
        return SfdxProject.files(folder).stream()
                .filter(file -> file.toString().endsWith("-meta.xml"))
                .map(MetadataFile::of)
                .toList();
    }

    /** The texts of the elements that an XPath names. */
    List<String> texts(String xpath) {
        try {
            var nodes =
                    (NodeList) XPathFactory.newInstance().newXPath().evaluate(xpath, document, XPathConstants.NODESET);
            return IntStream.range(0, nodes.getLength())
                    .mapToObj(i -> nodes.item(i).getTextContent())
                    .toList();
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(xpath, e);
        }
    }

    /** The name that other files use: the file's own name up to its suffix. */
    String name() {
        String file = path.getFileName().toString();
        String withoutMeta = file.substring(0, file.length() - "-meta.xml".length());
        return withoutMeta.substring(0, withoutMeta.lastIndexOf('.'));
    }

    @Override
    public String toString() {
        return path.getFileName().toString();
    }
}
