'use strict';
document.getElementById('title').textContent = 'Run ' + data.name;
document.getElementById('subtitle').textContent = count(data.rounds) + (data.rounds === 1 ? ' round' : ' rounds') + ' of rejection'
  + ' sampling' + (data.stages.every(stage => stage.state === 'done') ? '.' : ', not finished yet.');
gains();
gold();
rewardModels();
curves();
temperatures();
distributions();
scatter();
lengths();
selected();
stages();
samples();
draw();
