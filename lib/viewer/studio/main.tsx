// The script of the studio's page.
import { render } from 'preact';
import '../style.css';
import './studio.css';
import './style/brush.css';
import './style/spectrum.css';
import './style/trim.css';
import { StudioApp } from './StudioApp';

const app = document.getElementById('app');
if (app) render(<StudioApp />, app);
