import { Anchor, Code, Title } from '@mantine/core';
import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';

/** A published document: its headings, paragraphs, lists and links as elements of the page, everything else as the text that it is. */
export function Markdown({ text, language }: { readonly text: string; readonly language: string }) {
  // Its title stands as the page's own.
  const tokens = lexer(text).filter((token) => !(token.type === 'heading' && (token as Tokens.Heading).depth === 1));
  return (
    <div className="notice" lang={language}>
      {all(tokens)}
    </div>
  );
}

function all(tokens: readonly Token[] = []): ReactNode {
  return tokens.map((token, index) => <Fragment key={index}>{one(token as Tokens.Generic)}</Fragment>);
}

function one(token: Tokens.Generic): ReactNode {
  switch (token.type) {
    case 'space':
      return null;
    case 'heading':
      return <Title order={(token as Tokens.Heading).depth === 2 ? 2 : 3}>{all(token.tokens)}</Title>;
    case 'paragraph':
      return <p>{all(token.tokens)}</p>;
    case 'list':
      return listOf(token as Tokens.List);
    case 'strong':
      return <strong>{all(token.tokens)}</strong>;
    case 'em':
      return <em>{all(token.tokens)}</em>;
    case 'codespan':
      return <Code>{token.text as string}</Code>;
    case 'link':
      return linkOf(token as Tokens.Link);
    case 'br':
      return <br />;
    default:
      return token.tokens ? all(token.tokens) : (token.text as string);
  }
}

function listOf({ ordered, items }: Tokens.List): ReactNode {
  const Tag = ordered ? 'ol' : 'ul';
  return (
    <Tag>
      {items.map((item, index) => (
        <li key={index}>{all(item.tokens)}</li>
      ))}
    </Tag>
  );
}

/** Only to what a browser opens as a page or a mail; anything else stays text. */
function linkOf({ href, tokens }: Tokens.Link): ReactNode {
  const isSafe = /^(?:https:|mailto:|\/(?!\/))/.test(href);
  return isSafe ? (
    <Anchor href={href} inherit underline="always" rel="noreferrer">
      {all(tokens)}
    </Anchor>
  ) : (
    all(tokens)
  );
}
