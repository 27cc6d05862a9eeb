export const dynamic = "force-dynamic";

export default async function Page() {
  const answer = await fetch(`${process.env.BANK_ADVISOR_URL}/kpis/summary`, { cache: "no-store", signal: AbortSignal.timeout(5_000) });
  const { rows, instituciones } = await answer.json();
  return (
    <main>
      <h1>OctaviOS</h1>
      <p>
        {instituciones} instituciones, {rows} indicadores mensuales
      </p>
    </main>
  );
}
