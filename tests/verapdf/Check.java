import java.io.FileInputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Checks each file by PDF/UA-1: "name: PDF/UA-1", or "name: not PDF/UA-1" and every rule that is broken, with the first place. */
public class Check {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1)) {
                ValidationResult result =
                        Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(parser);
                System.out.println(Path.of(file).getFileName() + (result.isCompliant() ? ": PDF/UA-1" : ": not PDF/UA-1"));
                Map<String, String> broken = new TreeMap<>();
                for (TestAssertion test : result.getTestAssertions()) {
                    if (test.getStatus() == TestAssertion.Status.FAILED) {
                        String rule = test.getRuleId().getClause() + "-" + test.getRuleId().getTestNumber();
                        broken.putIfAbsent(rule, test.getMessage() + " @ " + test.getLocation().getContext());
                    }
                }
                broken.forEach((rule, where) -> System.out.println("  " + rule + " " + where));
            }
        }
    }
}
