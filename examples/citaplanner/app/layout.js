export const metadata = { title: "CitaPlanner" };

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 52rem; padding: 1rem; color: #1d2433; background: #f6f7fb }
  table { border-collapse: collapse; width: 100%; background: #fff; border-radius: .5rem }
  th, td { text-align: left; padding: .4rem .7rem; border-bottom: 1px solid #e6e8f0 }
  form { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); margin-top: 1.5rem }
  input, select, button { font: inherit; padding: .45rem; border: 1px solid #b9bfd0; border-radius: .4rem; width: 100%; box-sizing: border-box }
  button { background: #3346b8; color: #fff; border: 0 }
  footer { color: #5b6478; margin-top: 2rem }
`;

export default function Layout({ children }) {
  return (
    <html lang="es">
      <head>
        <style>{style}</style>
      </head>
      <body>{children}</body>
    </html>
  );
}
