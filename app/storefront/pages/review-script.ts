// What a browser with scripts adds to the form: it keeps what is typed, and sends photos and videos one by one. The
// page is whole without it. Written by hand for every browser of the last years; no strings become markup. Pure.
import { markup, type Html } from "./html";

/** A draft older than this is somebody else's mood. */
const DRAFT = markup`
var store;
try {
  store = window.localStorage;
} catch (error) {
  store = null;
}
function draftOf(key) {
  return "kizuna-review:" + key;
}
`;

/** Runs on the page of the form. */
export const REVIEW_SCRIPT: Html = markup`
(function () {
  "use strict";
${DRAFT}
  var form = document.getElementById("review");
  if (!form) return;
  var t = JSON.parse(form.dataset.files),
    why = JSON.parse(form.dataset.why);
  function fill(text, values) {
    return Object.keys(values).reduce(function (all, name) {
      return all.split("{" + name + "}").join(values[name]);
    }, text);
  }
  function element(name, properties, parts) {
    var made = document.createElement(name);
    Object.assign(made, properties || {});
    (parts || []).forEach(function (part) {
      made.append(part);
    });
    return made;
  }
  var key = form.dataset.draft && draftOf(form.dataset.draft),
    month = 30 * 864e5;
  function kept(field) {
    return (
      field.name &&
      !/^(t|key|product|locale|email|licence)$/.test(field.name) &&
      field.type !== "hidden" &&
      field.type !== "file" &&
      !/^(ticket|drop|alt)[.]/.test(field.name)
    );
  }
  function save() {
    if (!store || !key) return;
    var values = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!kept(field)) return;
      if (field.type === "radio") {
        if (field.checked && field.value !== "") values[field.name] = field.value;
      } else if (field.value !== field.defaultValue) values[field.name] = field.value;
    });
    try {
      Object.keys(values).length
        ? store.setItem(key, JSON.stringify({ at: Date.now(), values: values }))
        : store.removeItem(key);
    } catch (error) {}
  }
  function restore() {
    if (!store || !key || form.hasAttribute("data-answered")) return;
    var draft;
    try {
      draft = JSON.parse(store.getItem(key));
    } catch (error) {}
    if (!draft || !draft.values || Date.now() - draft.at > month) return;
    var found = false;
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!kept(field) || !Object.prototype.hasOwnProperty.call(draft.values, field.name)) return;
      var value = String(draft.values[field.name]);
      found = true;
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
      var fold = field.closest("details");
      if (fold && field.type !== "radio") fold.open = true;
    });
    if (!found) return;
    var again = element("button", { type: "button", className: "plain", textContent: form.dataset.restart });
    var box = element("div", { className: "notice plain" }, [
      element("p", { textContent: form.dataset.restored }),
      again,
    ]);
    box.setAttribute("role", "status");
    again.addEventListener("click", function () {
      store.removeItem(key);
      form.reset();
      box.remove();
      form.querySelector("input[type=radio]").focus();
    });
    form.prepend(box);
  }
  var waiting;
  form.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(save, 300);
  });
  addEventListener("pagehide", save);
  restore();
  var sending = 0,
    door = form.dataset.door || "review-upload";
  function upload(address, body, onProgress) {
    return new Promise(function (resolve, reject) {
      var call = new XMLHttpRequest();
      call.open("POST", address);
      call.responseType = "json";
      if (body) call.setRequestHeader("Content-Type", "application/octet-stream");
      call.upload.onprogress = function (event) {
        if (event.lengthComputable) onProgress(Math.floor((100 * event.loaded) / event.total));
      };
      call.onload = function () {
        call.response ? resolve(call.response) : reject();
      };
      call.onerror = call.onabort = call.ontimeout = reject;
      call.send(body);
    });
  }
  /* A frame of the film, drawn in the browser: the server never decodes one. */
  function posterOf(file) {
    return new Promise(function (resolve) {
      var film = document.createElement("video"),
        address = URL.createObjectURL(file),
        timer = setTimeout(function () {
          end(null);
        }, 8e3);
      function end(blob) {
        clearTimeout(timer);
        URL.revokeObjectURL(address);
        film.removeAttribute("src");
        resolve(blob);
      }
      film.muted = true;
      film.playsInline = true;
      film.preload = "auto";
      film.onerror = function () {
        end(null);
      };
      film.onloadeddata = function () {
        film.currentTime = Math.min(1, (film.duration || 0) / 2);
      };
      film.onseeked = function () {
        var scale = Math.min(1, 1280 / Math.max(film.videoWidth, film.videoHeight)),
          canvas = document.createElement("canvas");
        canvas.width = Math.round(film.videoWidth * scale);
        canvas.height = Math.round(film.videoHeight * scale);
        try {
          canvas.getContext("2d").drawImage(film, 0, 0, canvas.width, canvas.height);
          canvas.toBlob(end, "image/jpeg", 0.85);
        } catch (error) {
          end(null);
        }
      };
      film.src = address;
    });
  }
  var licence = form.querySelector("[data-licence]");
  /* The licence is about files: without any there is nothing to agree to. */
  function askForLicence() {
    if (licence) licence.hidden = !form.querySelector("[data-list] li:not([data-bad])");
  }
  Array.prototype.forEach.call(form.querySelectorAll("[data-media]"), function (field) {
    var id = field.dataset.media,
      input = field.querySelector("input[type=file]"),
      list = field.querySelector("[data-list]"),
      said = field.querySelector("[data-said]");
    var ticket = field.querySelector("input[name='ticket." + id + "']").value,
      queue = Promise.resolve();
    function address(values) {
      return door + "?" + new URLSearchParams(Object.assign({ ticket: ticket }, values)).toString();
    }
    input.accept = field.dataset.types;
    input.hidden = false;
    field.querySelector("[data-title]").textContent = field.dataset.label;
    field.querySelector(".hint").textContent = field.dataset.hint;
    function count(kind) {
      return list.querySelectorAll("li[data-kind=" + kind + "]:not([data-bad])").length;
    }
    function removable(row, mediaId, name) {
      var button = element("button", { type: "button", className: "plain", textContent: t.remove });
      button.setAttribute("aria-label", fill(t.removeName, { name: name }));
      button.addEventListener("click", function () {
        if (mediaId) upload(address({ drop: mediaId }), null, function () {}).catch(function () {});
        row.remove();
        askForLicence();
        said.textContent = fill(t.removed, { name: name });
        input.focus();
      });
      return button;
    }
    Array.prototype.forEach.call(list.children, function (row) {
      var box = row.querySelector("[name^='drop.']"),
        name = row.querySelector(".label").textContent;
      row.dataset.kind = row.querySelector("canvas") ? "video" : "photo";
      box.closest("label").replaceWith(removable(row, row.dataset.id, name));
    });
    function take(file) {
      var kind = file.type.indexOf("video/") === 0 ? "video" : "photo",
        isVideo = kind === "video";
      var picture = isVideo
          ? element("canvas", { width: 80, height: 80 })
          : element("img", { alt: "", width: 80, height: 80 }),
        bar = element("progress", { max: 100, value: 0 }),
        text = element("p", { className: "hint", textContent: file.name }),
        side = element("div", {}, [text, bar]),
        row = element("li", {}, [picture, side]);
      bar.setAttribute("aria-label", file.name);
      row.dataset.kind = kind;
      list.append(row);
      askForLicence();
      if (count(kind) > (isVideo ? 2 : 10) || !(isVideo ? /video/ : /image/).test(field.dataset.types)) {
        return fail(isVideo && !/video/.test(field.dataset.types) ? why.switched_off : t.tooMany);
      }
      if (!isVideo) {
        picture.src = URL.createObjectURL(file);
        picture.onload = function () {
          URL.revokeObjectURL(picture.src);
        };
      }
      sending++;
      var mediaId;
      queue = queue
        .then(function () {
          return upload(address({}), file, function (percent) {
            bar.value = percent;
            text.textContent = fill(t.progress, { name: file.name, percent: percent });
          });
        })
        .then(function (answer) {
          if (answer.outcome !== "ready") return fail(why[answer.why] || t.failed.split("{name}").join(file.name));
          mediaId = answer.mediaId;
          bar.remove();
          text.textContent = file.name;
          said.textContent = fill(t.done, { name: file.name });
          var alt = element("input", {
            type: "text",
            name: "alt." + answer.mediaId + "." + id,
            id: "alt-" + answer.mediaId,
            maxLength: 300,
            dir: "auto",
          });
          side.append(
            element("label", { htmlFor: alt.id, className: "hint", textContent: t.alt }),
            alt,
            removable(row, answer.mediaId, file.name),
          );
          if (!isVideo) return;
          return posterOf(file).then(function (poster) {
            if (!poster) return;
            var shown = URL.createObjectURL(poster),
              image = element("img", { alt: "", width: 80, height: 80, src: shown });
            image.onload = function () {
              URL.revokeObjectURL(shown);
            };
            picture.replaceWith(image);
            return upload(address({ posterOf: answer.mediaId }), poster, function () {});
          });
        })
        .catch(function () {
          if (!mediaId) fail(fill(t.failed, { name: file.name }));
        })
        .then(function () {
          sending--;
          if (mediaId) row.dataset.id = mediaId;
        });
      function fail(message) {
        row.dataset.bad = "";
        askForLicence();
        bar.remove();
        if (!isVideo) picture.replaceWith(element("canvas", { width: 80, height: 80 }));
        text.className = "error";
        text.textContent = file.name + ": " + message;
        said.textContent = message;
        side.append(removable(row, null, file.name));
      }
    }
    input.addEventListener("change", function () {
      Array.prototype.forEach.call(input.files, take);
      input.value = "";
    });
  });
  askForLicence();
  form.addEventListener("submit", function (event) {
    if (sending > 0) {
      event.preventDefault();
      var said = form.querySelector("[data-said]");
      said.className = "error";
      said.textContent = t.wait;
      said.scrollIntoView({ block: "center" });
      return;
    }
    var button = form.querySelector("button.send, button:not([type])");
    setTimeout(function () {
      button.disabled = true;
    }, 0);
  });
  addEventListener("pageshow", function () {
    Array.prototype.forEach.call(form.querySelectorAll("button:disabled"), function (button) {
      button.disabled = false;
    });
  });
  var wrong = form.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
})();
`;

/** Runs where reviews were sent: what was kept of them in this browser goes. */
export const CLEAR_SCRIPT: Html = markup`
(function () {
  "use strict";
${DRAFT}
  var sent = document.querySelector("[data-sent]");
  if (!store || !sent) return;
  var key = draftOf(sent.dataset.sent),
    draft;
  try {
    draft = JSON.parse(store.getItem(key));
    if (!draft) return;
    sent.dataset.keys.split(" ").forEach(function (each) {
      Object.keys(draft.values).forEach(function (name) {
        if (name.slice(-each.length - 1) === "." + each) delete draft.values[name];
      });
    });
    delete draft.values.name;
    Object.keys(draft.values).length ? store.setItem(key, JSON.stringify(draft)) : store.removeItem(key);
  } catch (error) {
    try {
      store.removeItem(key);
    } catch (again) {}
  }
})();
`;
