"use strict";
exports.id = 708;
exports.ids = [708];
exports.modules = {

/***/ 6708:
/***/ (function(__unused_webpack_module, exports, __webpack_require__) {

var e=__webpack_require__(2391),r=__webpack_require__(1421),i=__webpack_require__(3024),n=__webpack_require__(8161),t=__webpack_require__(6760),a=__webpack_require__(7975);__webpack_require__(7598),__webpack_require__(857),__webpack_require__(6982),__webpack_require__(9896),__webpack_require__(6928),__webpack_require__(7016),__webpack_require__(3429);const s=/^(?:::(?:warning|error)::)?((?:Failed to|Cache (?:save|restore) skipped).*)$/m;function o({file:e,env:o,signal:c},d,u=1e4){if(""===(o.ACTIONS_RUNTIME_TOKEN??""))return;const l=async(i,n)=>{const{stdout:t}=await a.promisify(r.execFile)(process.execPath,[e,...n],{cwd:i,env:{...o,GITHUB_WORKSPACE:i,RUNNER_TEMP:i},signal:c,timeout:u,killSignal:"SIGKILL"}).catch(e=>{const{killed:r}=e;throw!0===r?new Error(`not done within ${u/1e3} s`):e}),[,d]=s.exec(t)??[];if(void 0!==d)throw new Error(d)},y=async e=>{const r=i.mkdtempSync(t.join(o.RUNNER_TEMP??n.tmpdir(),"ami-layers-cache-"));try{return await e(r,t.join(r,d))}finally{i.rmSync(r,{recursive:!0,force:!0})}};return{find:e=>y(async(r,n)=>(await l(r,["find",d,e]),i.existsSync(n)?i.readFileSync(n,"utf8"):void 0)),add:(e,r)=>y(async(n,t)=>{i.writeFileSync(t,r),await l(n,["add",d,e])})}}const c="ami-layers-kept-",d="ami-layers-kept-1.json",u=e.string().regex(/^\d{4}-\d\d-\d\d$/),l=e.object({durations:e.record(e.string(),e.array(e.number().nonnegative()).readonly()),prices:e.array(e.object({region:e.string(),date:u,usdPerHour:e.record(e.string(),e.number().positive())}).readonly()),bases:e.record(e.string(),e.array(e.object({imageId:e.string(),since:u}).readonly()).readonly())});function y(e){return(e instanceof Error?e.message:String(e)).replace(/\s+/g," ").slice(0,200)}exports.restoreKept=async function(r){try{const i=await(o(r,d)?.find(c));return void 0===i?e.NOTHING_KEPT:l.parse(JSON.parse(i))}catch(r){return e.debug(`Cache of earlier runs: not read (${y(r)})`),e.NOTHING_KEPT}},exports.saveKept=async function(r,{id:i,attempt:n,token:t},a){try{await(o(a,d)?.add(`${c}${i}-${n}-${t.slice(0,8)}`,JSON.stringify(r)))}catch(r){e.debug(`Cache of earlier runs: not saved (${y(r)})`)}};


/***/ })

};
;