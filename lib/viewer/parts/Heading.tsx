interface HeadingProps {
  title: string;
  lead: string;
  warnings?: string[];
}

export function Heading({ title, lead, warnings = [] }: HeadingProps) {
  return (
    <header class="heading">
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      {warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
    </header>
  );
}
