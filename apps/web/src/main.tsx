import './trusted-types.js';
import './styles/base.js';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './fragment.js';

// A page that the browser kept for its back button may show what belongs to a session that is over.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

createRoot(document.getElementById('root')!).render(<App />);
