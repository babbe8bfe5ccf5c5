// The frame of every mail: one idea, one button, why it came and how to stop it. React escapes every text.
// Readable without pictures, in dark mode and at the width of a phone. Pure.
import { Body } from "@react-email/body";
import { Button } from "@react-email/button";
import { Container } from "@react-email/container";
import { Head } from "@react-email/head";
import { Heading } from "@react-email/heading";
import { Html } from "@react-email/html";
import { Link } from "@react-email/link";
import { Preview } from "@react-email/preview";
import { render } from "@react-email/render";
import { Section } from "@react-email/section";
import { Text } from "@react-email/text";
import { Fragment, type CSSProperties } from "react";

import { oneLine } from "../address";
import { linesOf, plainText, STOP, type MailFrame, type MailWords } from "./mail-words";

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** Subject, HTML part and plain-text part. */
export async function renderMail(words: MailWords, frame: MailFrame): Promise<RenderedMail> {
  return {
    subject: oneLine(words.subject),
    html: await render(<Mail words={words} frame={frame} />),
    text: plainText(words, frame),
  };
}

// Both schemes are declared and the colours hold in both; a client that inverts finds nothing to break.
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.kz-page{background:#14161a!important}.kz-card{background:#1f2228!important}.kz-ink{color:#f3f4f6!important}.kz-quiet{color:#b6bcc6!important}.kz-code{border-color:#b6bcc6!important}.kz-quote{border-color:#57606a!important}.kz-note{background:#2b2f37!important}.kz-star{border-color:#57606a!important}.kz-button{background:#f3f4f6!important;color:#14161a!important}}
h1{text-wrap:balance;word-break:auto-phrase}
@media (max-width:480px){.kz-card{padding:24px 20px!important}}`;
const INK = "#1f2328";
const QUIET = "#57606a";
const PAGE = "#f3f4f6";
const FONT = "-apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP',Roboto,sans-serif";
const PARAGRAPH: CSSProperties = { margin: "0 0 16px", color: INK, fontSize: 16, lineHeight: 1.7 };

/** The document. */
export function Mail({ words, frame }: { words: MailWords; frame: MailFrame }) {
  const { locale, shopName, greeting, unsubscribeUrl } = frame;
  return (
    <Html lang={locale}>
      <Head>
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{oneLine(words.subject)}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </Head>
      <Preview>{oneLine(words.paragraphs[0] ?? words.headline)}</Preview>
      <Body className="kz-page" style={{ margin: 0, padding: 0, background: PAGE, fontFamily: FONT }}>
        <Section className="kz-page" style={{ background: PAGE, padding: "24px 12px" }}>
          <Container
            className="kz-card"
            style={{ maxWidth: 560, margin: "0 auto", background: "#ffffff", borderRadius: 12, padding: "32px 28px" }}
          >
            <Text className="kz-quiet" style={{ margin: "0 0 24px", color: QUIET, fontSize: 14 }}>
              {oneLine(shopName)}
            </Text>
            {greeting ? <Paragraph text={greeting} /> : null}
            <Heading
              as="h1"
              className="kz-ink"
              style={{ margin: "0 0 16px", color: INK, fontSize: 22, lineHeight: 1.4 }}
            >
              {oneLine(words.headline)}
            </Heading>
            <Content words={words} />
            <Text className="kz-quiet" style={{ margin: "24px 0 0", color: QUIET, fontSize: 13, lineHeight: 1.6 }}>
              {oneLine(words.because)}
              <br />
              <Link className="kz-quiet" href={unsubscribeUrl} style={{ color: QUIET, textDecoration: "underline" }}>
                {STOP[locale]}
              </Link>
            </Text>
          </Container>
        </Section>
      </Body>
    </Html>
  );
}

function Content({ words }: { words: MailWords }) {
  return (
    <>
      {words.paragraphs.map((text, index) => (
        <Paragraph key={index} text={text} />
      ))}
      {words.items?.length ? <Items items={words.items} /> : null}
      {words.quote ? <Quote {...words.quote} /> : null}
      {words.stars ? <Stars {...words.stars} /> : null}
      {words.code ? <Code code={words.code} /> : null}
      {words.note ? <Note text={words.note} /> : null}
      {words.button ? (
        <Section style={{ margin: "8px 0 24px" }}>
          <Button
            className="kz-button"
            href={words.button.url}
            style={{
              padding: "14px 24px",
              borderRadius: 8,
              background: INK,
              color: "#ffffff",
              fontSize: 16,
              fontWeight: 600,
              textDecoration: "none",
            }}
          >
            {oneLine(words.button.text)}
          </Button>
        </Section>
      ) : null}
    </>
  );
}

function Paragraph({ text }: { text: string }) {
  return (
    <Text className="kz-ink" style={PARAGRAPH}>
      {oneLine(text)}
    </Text>
  );
}

function Items({ items }: { items: string[] }) {
  return (
    <Text className="kz-ink" style={{ ...PARAGRAPH, fontWeight: 600 }}>
      {items.map((item, index) => (
        <Fragment key={index}>
          {index > 0 ? <br /> : null}
          {oneLine(item)}
        </Fragment>
      ))}
    </Text>
  );
}

function Quote({ by, text }: { by: string; text: string }) {
  return (
    <Section style={{ margin: "0 0 24px" }}>
      <div className="kz-quote" style={{ borderLeft: "3px solid #d0d7de", paddingLeft: 16 }}>
        <Text className="kz-quiet" style={{ margin: "0 0 4px", color: QUIET, fontSize: 13 }}>
          {oneLine(by)}
        </Text>
        <Text className="kz-ink" style={{ ...PARAGRAPH, margin: 0 }}>
          {linesOf(text).map((line, index) => (
            <Fragment key={index}>
              {index > 0 ? <br /> : null}
              {line}
            </Fragment>
          ))}
        </Text>
      </div>
    </Section>
  );
}

// Text, not pictures; each a target of 48 by 48, all alike: none of them is proposed.
function Stars({ label, links }: { label: string; links: { name: string; url: string }[] }) {
  return (
    <Section style={{ margin: "0 0 16px" }}>
      <Text className="kz-quiet" style={{ margin: "0 0 8px", color: QUIET, fontSize: 14, lineHeight: 1.6 }}>
        {oneLine(label)}
      </Text>
      <table role="presentation" cellPadding={0} cellSpacing={0} border={0}>
        <tbody>
          <tr>
            {links.map(({ name, url }) => (
              <td key={url} style={{ paddingRight: 4 }}>
                <Link
                  className="kz-ink kz-star"
                  href={url}
                  aria-label={name}
                  title={name}
                  style={{
                    display: "block",
                    boxSizing: "border-box",
                    width: 48,
                    height: 48,
                    border: "1px solid #d0d7de",
                    borderRadius: 8,
                    color: INK,
                    fontSize: 26,
                    lineHeight: "46px",
                    textAlign: "center",
                    textDecoration: "none",
                  }}
                >
                  ☆
                </Link>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </Section>
  );
}

function Note({ text }: { text: string }) {
  return (
    <Text
      className="kz-ink kz-note"
      style={{ ...PARAGRAPH, padding: "12px 16px", borderRadius: 8, background: PAGE, fontSize: 15, lineHeight: 1.6 }}
    >
      {oneLine(text)}
    </Text>
  );
}

function Code({ code }: { code: string }) {
  return (
    <Text
      className="kz-ink kz-code"
      style={{
        margin: "0 0 24px",
        padding: "12px 16px",
        border: "1px dashed #57606a",
        borderRadius: 8,
        color: INK,
        fontFamily: "ui-monospace,Menlo,monospace",
        fontSize: 20,
        letterSpacing: ".04em",
        overflowWrap: "anywhere",
      }}
    >
      {oneLine(code)}
    </Text>
  );
}
